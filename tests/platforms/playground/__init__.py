"""The playground, driven through its port: by a websocket that plays the page, and by a real browser."""
