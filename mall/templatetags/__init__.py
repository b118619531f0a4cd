"""Tags and filters of the mall's templates."""
