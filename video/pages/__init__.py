"""The pages of video: cameras, zones and rules, the review queue, how right the rules are."""
