"""The order lab in a real page: press nodes in a wrong order, see what is lost, start anew, and get it right."""

LAB = """from nbkit import OrderLab, Variable
x, y = Variable(2, "x"), Variable(3, "y")
s = x * y
s.name = "s"
z = s * s + s
z.name = "z"
OrderLab(z)"""


def gradients(area):
    return sorted(area.locator("text.grad").all_text_contents())


def press(area, name):
    area.get_by_role("button", name=name).click()


def test_a_wrong_order_is_seen_and_a_right_one_too(lab, page):
    lab.show(page, LAB)
    area = page.locator(".jp-OutputArea-output:has(.widget-vbox svg.nbkit)").first
    assert gradients(area) == ["← 1"]

    press(area, "C · + makes z")
    area.locator("[data-mark='v4']").wait_for()
    assert area.get_by_role("button", name="C · + makes z").is_disabled()
    press(area, "A · × makes s")
    area.locator("text=/when only 1 of 3 gradients had arrived: it passed on 3 instead of 39 to x/").wait_for()
    assert area.locator("[data-mark='v2']").text_content() == "✗ 1 of 3"
    press(area, "B · × makes s × s")
    area.get_by_role("status").wait_for()
    assert "✗ Wrong" in area.get_by_role("status").text_content()
    assert area.locator("td").all_text_contents() == ["x", "3", "39", "✗", "y", "2", "26", "✗"]
    assert area.locator("[data-lost]").count() == 2
    assert gradients(area) == ["sum 1", "← 1", "← 1", "← 1", "← 2", "← 3", "← 6", "← 6"]

    press(area, "Reset")
    area.get_by_role("status").wait_for(state="detached")
    assert gradients(area) == ["← 1"]
    for name in ("C · + makes z", "B · × makes s × s", "A · × makes s"):
        press(area, name)
    area.locator("text=/Right: every node waited/").wait_for()
    right = gradients(area)
    assert right == ["sum 13", "← 1", "← 1", "← 1", "← 26", "← 39", "← 6", "← 6"]
    assert area.locator("[data-lost], [data-wrong]").count() == 0

    press(area, "Reset")
    area.get_by_role("status").wait_for(state="detached")
    press(area, "Show a right order")
    area.get_by_role("status").wait_for()
    assert gradients(area) == right
