"""The least that a Typer application costs."""

import typer

app = typer.Typer()


@app.command()
def main() -> None:
    """Do nothing."""


app()
