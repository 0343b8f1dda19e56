def main(arguments: list[str] | None = None) -> None:
    print(arguments)
