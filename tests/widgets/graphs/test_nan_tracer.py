"""The tracer of infinite numbers and NaN: what it marks is where the trouble begins."""

from nbkit import Log, NanTracer, ReLU, Variable


def signs(tracer):
    return {key: mark.sign for key, mark in tracer.view.svg.marks.items() if mark.data.get("sign")}


def test_it_marks_the_guilty_node_and_no_other():
    """log(ReLU(x − 0.5)) + 1 is −∞ at 0.5, and the + has an infinite input."""
    tracer = NanTracer(Log()(ReLU()(Variable(2.0, "x") - 0.5)) + 1, {"x": (-1, 3, 0.5)})
    assert signs(tracer) == {}
    assert "✓ All values and all gradients are finite" in tracer.status.value
    tracer.inputs["x"].value = 0.5
    assert signs(tracer) == {tracer.graph.id(tracer.trouble.variable): "wrong"}
    assert type(tracer.trouble.variable.layer) is Log
    assert "✗ The log makes −∞ of 0" in tracer.status.value
    tracer.inputs["x"].value = 3.0
    assert tracer.trouble is None
    assert signs(tracer) == {}
