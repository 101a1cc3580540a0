"""One question put to many rows in one test, which costs less than a test for each and names every row that fails."""


def of_each(rows):
    """Return a decorator that asks the function below it about each row: (name of the row, its arguments …)."""

    def decorate(question):
        def test(subtests):
            for name, *arguments in rows:
                with subtests.test(name):
                    question(*arguments)

        return test

    return decorate


def of_each_name(names):
    """As `of_each`, where the name is the only argument."""
    return of_each([(str(name), name) for name in names])
