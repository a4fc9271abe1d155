"""The conversation engine: a `Turn` goes in, a `Reply` comes out. It knows no platform, no HTTP and no SQL."""
