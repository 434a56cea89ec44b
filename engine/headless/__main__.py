"""`python -m engine.headless` is `radnice run --batch`."""

from engine.headless import main

main()
