"""Chapter 06 in a real page: move a score, and see bars, loss and arrows follow."""

from tests.browser.lab import cells_of, slider

CHAPTER = "06_softmax_and_loss.ipynb"
# Whether each node that acts now is in sight, and how far the picture is scrolled.
ACTING = """picture => {
    const { left, right } = picture.getBoundingClientRect();
    const boxes = [...picture.querySelectorAll('g[data-node].acting')].map(node => node.getBoundingClientRect());
    return [boxes.map(box => left <= box.left && box.right <= right), picture.scrollLeft];
}"""


def test_a_moved_score_moves_bars_loss_and_arrows(lab, page):
    lab.show(page, *cells_of(CHAPTER, "SoftmaxExplorer(scores="))
    area = page.locator(".jp-OutputArea-output:has([data-bar])")

    def numbers(*keys):
        return [area.locator(f"[data-number={key}]").text_content() for key in keys]

    def height(part):
        return area.locator(part).evaluate("part => part.getBoundingClientRect().height")

    assert numbers("y1", "gradient1", "loss") == ["0.242", "−0.758", "loss = 1.417"]
    word, button = area.get_by_text("truth", exact=True), area.get_by_role("button", name="cat", exact=True)
    dog = area.get_by_text("dog", exact=True).first
    dog.wait_for()
    button.wait_for()
    lab.settle(page)
    word, button, name = (part.bounding_box() for part in (word, button, dog))
    assert word["y"] < button["y"] + button["height"] / 2 < word["y"] + word["height"]  # one row
    assert abs(word["x"] + word["width"] - name["x"] - name["width"]) < 3  # and in line with the names of the sliders
    bar, arrow = height("[data-bar='1']"), height("[data-arrow='1']")

    for _press in range(10):  # from 1.0 to 2.0, as high as the cat
        slider(area, "dog").press("ArrowRight")
    lab.settle(page)
    assert numbers("y0", "y1", "gradient1", "loss") == ["0.465", "0.465", "−0.535", "loss = 0.7653"]
    assert height("[data-bar='1']") > bar
    assert height("[data-arrow='1']") < arrow

    area.get_by_role("button", name="hen", exact=True).click()
    lab.settle(page)
    assert numbers("y1", "gradient1", "gradient2") == ["0.465", "+0.465", "−0.93"]
    assert "raises the score of hen" in area.inner_text()


def test_the_opened_loss_follows_the_steps(lab, page):
    """It is wider than the page: the node that acts is scrolled into sight."""
    lab.show(page, *cells_of(CHAPTER, "GraphExplorer(graph)"))
    area = page.locator(".jp-OutputArea-output:has(.nbkit-graph-view)")
    for name in ("Softmax loss", "Open this node", "First step"):
        area.get_by_role("button", name=name).click()
        lab.settle(page)
    assert area.locator("text.name:text-is('log')").count() == 1
    picture, forward, seen, places = area.locator(".nbkit-picture"), area.get_by_role("button", name="Forward"), [], []
    while forward.is_enabled():
        forward.click()
        lab.settle(page)
        acting, place = picture.evaluate(ACTING)
        seen += acting
        places.append(place)
    assert seen == [True] * 17  # nine nodes, there and back; the last step shows everything
    assert len(set(places)) > 2
