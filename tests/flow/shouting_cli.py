"""`streams` with one stage more in the graph's table: `python -m tests.flow.shouting_cli worker --stages shout`."""

from streams.contract import graph
from tests.flow.shouting import STAGE, TOPIC

if __name__ == "__main__":
    graph.TOPICS.append(TOPIC)
    graph.STAGES.append(STAGE)
    from streams.cli import main

    main()
