"""The playground: a phone-shaped chat in the browser, for trying the bot without Slack or Teams. Only on this machine."""
