"""Chapter 06 in a real page: move a score, and see bars, loss and arrows follow."""

from tests.browser.test_learner import slider


def number(area, key):
    return area.locator(f"[data-number={key}]").text_content()


def test_a_moved_score_moves_bars_loss_and_arrows(lab, page):
    lab.open(page, "06_softmax_and_loss.ipynb")
    assert lab.run_all(page) == []
    area = page.locator(".jp-OutputArea-output:has([data-bar])").first
    assert [number(area, key) for key in ("y1", "gradient1", "loss")] == ["0.242", "−0.758", "loss = 1.417"]
    word, button = area.get_by_text("truth", exact=True), area.get_by_role("button", name="cat", exact=True)
    word, button, name = (part.bounding_box() for part in (word, button, area.get_by_text("dog", exact=True).first))
    assert word["y"] < button["y"] + button["height"] / 2 < word["y"] + word["height"]  # one row
    assert abs(word["x"] + word["width"] - name["x"] - name["width"]) < 3  # and in line with the names of the sliders
    before = {part: area.locator(part).bounding_box()["height"] for part in ("[data-bar='1']", "[data-arrow='1']")}

    slider(area, "dog").focus()
    for _press in range(10):  # from 1.0 to 2.0, as high as the cat
        page.keyboard.press("ArrowRight")
    area.locator("[data-number=y1]:text-is('0.465')").wait_for()
    assert number(area, "gradient1") == "−0.535"
    assert number(area, "y0") == "0.465"
    assert number(area, "loss") == "loss = 0.7653"
    assert area.locator("[data-bar='1']").bounding_box()["height"] > before["[data-bar='1']"]
    assert area.locator("[data-arrow='1']").bounding_box()["height"] < before["[data-arrow='1']"]

    area.get_by_role("button", name="hen", exact=True).click()
    area.locator("[data-number=gradient1]:text-is('+0.465')").wait_for()
    assert number(area, "y1") == "0.465"
    assert number(area, "gradient2") == "−0.93"
    area.locator(".widget-html-content:has-text('raises the score of hen')").wait_for()


def test_the_opened_loss_follows_the_steps(lab, page):
    """It is wider than the page: the node that acts is scrolled into sight."""
    lab.open(page, "06_softmax_and_loss.ipynb")
    assert lab.run_all(page) == []
    area = page.locator(".jp-OutputArea-output:has(.nbkit-graph-view)").first
    area.get_by_role("button", name="Softmax loss").click()
    area.get_by_role("button", name="Open this node").click()
    area.locator("text.name:text-is('log')").wait_for()
    area.get_by_role("button", name="First step").click()
    picture, seen, starts = area.locator(".nbkit-picture"), 0, set()
    while area.get_by_role("button", name="Forward").is_enabled():
        area.get_by_role("button", name="Forward").click()
        frame = picture.bounding_box()
        for box in [node.bounding_box() for node in area.locator("g[data-node].acting").all()]:
            assert frame["x"] <= box["x"] <= box["x"] + box["width"] <= frame["x"] + frame["width"]
            seen += 1
        starts.add(picture.evaluate("e => e.scrollLeft"))
    assert seen >= 16  # eight nodes, there and back
    assert len(starts) > 2
