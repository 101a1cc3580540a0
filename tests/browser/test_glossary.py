"""The glossary in JupyterLab: a page to read, not Markdown to edit, with links into the chapters."""


def test_chapter_00_opens_the_glossary_as_a_page_and_a_word_leads_to_its_chapter(lab, own_page):
    lab.open(own_page, "00_start_here.ipynb")
    lab.shut_down(own_page)  # nothing runs here
    own_page.locator(".jp-MarkdownCell a:text-is('glossary')").first.click()
    page = own_page.locator(".jp-MarkdownViewer")
    page.get_by_role("heading", name="Glossary").wait_for()
    assert page.locator("li").count() > 100
    page.get_by_role("link", name="02 · Two nodes in a row").first.click()
    own_page.locator(".jp-NotebookPanel:visible h2:has-text('Two nodes in a row')").wait_for()
    lab.opened(own_page)
