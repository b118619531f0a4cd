"""Start-up checks of this app's settings."""
