"""How a key press on a slider of a page is timed to what it changes there, for the benchmarks of sliders."""

import numpy as np

AS_SHIPPED = "contentVisibility"  # how JupyterLab keeps cells out of sight, where nobody has changed its settings
# Installs what the other scripts call. A slider is told by its cell and its place among the sliders there: those of
# ipywidgets, the handles in pictures, and ranges.
#
# `press` moves one by a key, and resolves with two times in milliseconds: until the frame begins in which the change is
# seen, and until that frame is laid out and painted. Presses come at any time between two frames, as a hand's do.
INSTALL = """() => {
    const SLIDER = '[role=slider], input[type=range]', PICTURE = 'svg, img';
    const DRAWN = ['d', 'points', 'x', 'y', 'cx', 'cy', 'r', 'width', 'height', 'transform', 'href', 'fill', 'stroke'];
    const cellAt = index => document.querySelectorAll('.jp-CodeCell')[index];
    const areaAt = index => cellAt(index).querySelector('.jp-Cell-outputArea');
    const sliders = index => [...areaAt(index)?.querySelectorAll(SLIDER) ?? []]
        .filter(slider => slider.getClientRects().length && !slider.closest('[disabled]'));
    const wait = milliseconds => new Promise(done => setTimeout(done, milliseconds));
    const frame = () => new Promise(requestAnimationFrame);
    const painted = () => new Promise(done => {  // in a frame: a message comes behind what the frame has to do
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = done;
        port2.postMessage(0);
    });

    // A canvas changes without a trace in the page's tree, so its drawing tells.
    const draw = CanvasRenderingContext2D.prototype.drawImage;
    CanvasRenderingContext2D.prototype.drawImage = function (...what) {
        draw.apply(this, what);
        window.dispatchEvent(new Event('canvas-drawn'));
    };

    // What a change of the page's tree shows: a new "picture", another "text", or nothing but the slider itself.
    const inPicture = node => node.nodeType === 1 && (node.matches(PICTURE) || node.querySelector(PICTURE));
    function shows(change) {
        const place = change.target.nodeType === 1 ? change.target : change.target.parentElement;
        if (!place || place.closest('.widget-slider, .nbkit-message, style')) return null;
        if (change.type === 'attributes') return place.closest('svg') ? 'picture' : null;
        return place.closest('svg') || [...change.addedNodes].some(inPicture) ? 'picture' : 'text';
    }

    function listen(index, heard) {
        const watch = new MutationObserver(changes => changes.map(shows).filter(Boolean).forEach(heard));
        watch.observe(areaAt(index), { childList: true, characterData: true, subtree: true,
            attributes: true, attributeFilter: DRAWN });
        const drawn = () => heard('picture');
        if (cellAt(index).querySelector('.jupyter-matplotlib')) window.addEventListener('canvas-drawn', drawn);
        return () => {
            watch.disconnect();
            window.removeEventListener('canvas-drawn', drawn);
        };
    }

    function move(index, place, key) {
        const slider = sliders(index)[place], isRange = slider.matches('input');
        const read = what => Number(isRange ? slider[what] : slider.getAttribute(`aria-value${what}`));
        const value = isRange ? Number(slider.value) : read('now');
        if (value === read('max')) key = 'ArrowLeft';  // beyond its end a slider does not move
        if (value === read('min')) key = 'ArrowRight';
        const start = performance.now();
        if (isRange) {  // it moves by itself, but only for a real hand
            slider.value = value + (key === 'ArrowLeft' ? -1 : 1) * (Number(slider.step) || 1);
            slider.dispatchEvent(new Event('input', { bubbles: true }));
        } else slider.dispatchEvent(new KeyboardEvent('keydown', { key, code: key, bubbles: true, cancelable: true }));
        return start;
    }

    // A slider may start a training; it is paused again, so that it does not slow down the others.
    const pause = index =>
        [...cellAt(index).querySelectorAll('button')].find(button => button.textContent.includes('Pause'))?.click();

    // What is out of sight is not painted; and nothing of what went before may go on, nor what the focus brings.
    async function ready(index, place) {
        pause(index);
        const slider = sliders(index)[place];
        slider.scrollIntoView({ block: 'center' });
        slider.focus({ preventScroll: true });
        for (let i = 0; i < 200 && window.unanswered.size; i++) await frame();
        await frame();
        await wait(17 * Math.random());
    }

    // All sliders that stand in the page: their cell, their place in it, their name.
    const find = () => [...document.querySelectorAll('.jp-CodeCell')].flatMap((_cell, index) =>
        sliders(index).map((slider, place) => ({ cell: index, place, name: slider.getAttribute('aria-label') ?? '' })));

    // What a slider changes: "picture", else "text", else nothing.
    async function changes(index, place, key) {
        await ready(index, place);
        const heard = new Set();
        const stop = listen(index, what => heard.add(what));
        move(index, place, key);
        for (let i = 0; i < 200 && !(heard.has('picture') || (i > 20 && !window.unanswered.size)); i++) await frame();
        stop();
        return heard.has('picture') ? 'picture' : heard.has('text') ? 'text' : null;
    }

    async function press(index, place, key, wanted) {
        await ready(index, place);
        let stop;
        const changed = new Promise(done => {
            stop = listen(index, what => { if (what === wanted) done(true); });
            setTimeout(() => done(false), 10000);
        });
        const start = move(index, place, key);
        const answered = await changed;
        stop();
        if (!answered) return null;
        await frame();
        const begun = performance.now() - start;
        await painted();
        return [begun, performance.now() - start];
    }

    // Presses each of some sliders, in turns so that a slow moment hits them all, and returns the milliseconds of each;
    // one that once has not answered is left alone from then on.
    async function inTurns(sliders, presses) {
        const spent = sliders.map(() => []);
        for (let turn = 0; turn < presses; turn++)
            for (const [i, { cell, place, wanted }] of sliders.entries()) {
                const key = turn % 2 ? 'ArrowLeft' : 'ArrowRight';
                if (!spent[i].includes(null)) spent[i].push(await press(cell, place, key, wanted));
            }
        return spent;
    }

    window.pressing = { find, changes, inTurns };
}"""
FIND = "() => window.pressing.find()"
CHANGES = "([cell, place, key]) => window.pressing.changes(cell, place, key)"
IN_TURNS = "([sliders, presses]) => window.pressing.inTurns(sliders, presses)"


def sliders_in(page):
    """List the sliders of the open notebook as dicts: cell, place, name, and as `wanted` what each changes."""
    page.evaluate(INSTALL)
    found = page.evaluate(FIND)
    for slider in found:
        keys = ("ArrowRight", "ArrowLeft")
        seen = {page.evaluate(CHANGES, [slider["cell"], slider["place"], key]) for key in keys}
        slider["wanted"] = "picture" if "picture" in seen else "text" if seen == {"text"} else None
    return found


def press_in_turns(page, sliders, presses, warm=1):
    """Press each slider some times, and return (presses, 2) milliseconds of each, without the first `warm` ones.

    Of a slider that did not answer every press it is None.
    """
    spent = page.evaluate(IN_TURNS, [sliders, presses + warm])
    return [None if None in one else np.array(one[warm:]) for one in spent]
