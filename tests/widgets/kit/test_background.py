"""Work beside other work: it yields, stops at once, and never loses an error."""

import asyncio
from threading import Event, Thread

import pytest

from nbkit.widgets.kit.background import LOCK, TURNS, Background


class Bench:
    """Counts ticks, up to `most`, and keeps what it is told."""

    def __init__(self, most=5, error=None):
        self.ticks, self.most, self.error = 0, most, error
        self.told, self.errors = [], []
        self.background = Background(self.tick, self.told.append, self.errors.append, pause=lambda: 0)

    def tick(self):
        self.ticks += 1
        if self.error is not None and self.ticks == 3:
            raise self.error
        return self.ticks < self.most


def test_in_a_plain_script_it_works_to_the_end_at_once():
    bench = Bench()
    bench.background.start()
    assert (bench.ticks, bench.background.running) == (5, False)


def test_in_a_loop_other_work_goes_on_meanwhile():
    bench, seen = Bench(), []

    async def other():
        bench.background.start()
        while bench.background.running:
            seen.append(bench.ticks)
            await asyncio.sleep(0)

    asyncio.run(other())
    assert (bench.ticks, bench.told) == (5, [True, False])
    assert len(set(seen)) > 1


def test_a_second_start_makes_no_second_worker():
    bench = Bench()

    async def twice():
        bench.background.start()
        first = bench.background.task
        bench.background.start()
        assert bench.background.task is first
        await first

    asyncio.run(twice())
    assert bench.ticks == 5


def test_it_stops_at_once_and_can_go_on():
    bench = Bench(most=10**9)

    async def stop_and_go():
        bench.background.start()
        for _ in range(5):
            await asyncio.sleep(0)
        bench.background.stop()
        stopped = bench.ticks
        for _ in range(5):
            await asyncio.sleep(0)
        assert bench.ticks == stopped > 0
        bench.most = stopped + 3
        bench.background.start()
        await bench.background.task
        return stopped

    assert asyncio.run(stop_and_go()) + 3 == bench.ticks
    assert bench.told == [True, False, True, False]


def test_it_waits_until_there_is_room_and_can_be_stopped_meanwhile():
    bench, room = Bench(most=10**9), []
    bench.background.ready = lambda: bool(room) and room.pop()

    async def wait():
        bench.background.start()
        for _ in range(5):
            await asyncio.sleep(0)
        assert bench.ticks == 0
        room.extend([True, True])
        for _ in range(3 * TURNS):
            await asyncio.sleep(0)
        assert (bench.ticks, bench.background.running) == (2, True)
        task = bench.background.task
        bench.background.stop()
        room.append(True)
        await asyncio.wait_for(task, 60)

    asyncio.run(wait())
    assert (bench.ticks, bench.told) == (2, [True, False])


def test_an_error_is_told_and_ends_the_work():
    error = ValueError("no")
    bench = Bench(error=error)

    async def run():
        bench.background.start()
        await bench.background.task

    asyncio.run(run())
    assert (bench.errors, bench.told, bench.ticks) == ([error], [True, False], 3)


def test_an_error_in_a_plain_script_reaches_the_caller():
    with pytest.raises(ValueError, match="no"):
        Bench(error=ValueError("no")).background.start()


def test_a_hand_in_another_thread_has_its_turn_alone_and_can_stop_the_work():
    """The first tick waits until the handler has tried in vain; then work and handler take turns many times."""
    hand_at_work, fan_outs, errors = [], [], []
    ticking, asked_in_vain = Event(), Event()

    def tick():
        fan_outs.append(len(hand_at_work))
        ticking.set()
        asked_in_vain.wait(60)
        return True

    background = Background(tick, lambda _running: None, errors.append, pause=lambda: 0)

    async def work():
        background.start()
        await background.task

    loop = Thread(target=asyncio.run, args=[work()], daemon=True)
    loop.start()
    assert ticking.wait(60)
    assert not LOCK.acquire(blocking=False)
    asked_in_vain.set()
    for _ in range(50):
        with LOCK:
            hand_at_work.append(None)
            before = len(fan_outs)
            sum(range(10_000))  # long enough that another thread would come in between
            assert len(fan_outs) == before
            hand_at_work.pop()
    background.stop()
    stopped = len(fan_outs)
    loop.join(60)
    assert (loop.is_alive(), len(fan_outs), set(fan_outs), errors) == (False, stopped, {0}, [])
