"""``honnin fsm``: the machine, printed."""

import typer

app = typer.Typer(
    help="Print the machine: its diagram and the verdict for every state and event.", no_args_is_help=True
)


@app.command()
def diagram() -> None:
    """Print the machine as a mermaid state diagram."""
    from terminal.fsm.render import diagram as render

    typer.echo(render())


@app.command()
def matrix() -> None:
    """Print the verdict of every (state, event) pair as a markdown table."""
    from terminal.fsm.render import matrix as render

    typer.echo(render())
