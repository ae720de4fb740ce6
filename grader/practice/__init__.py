"""What accompanies a learner from kata to kata: progress, hints, solutions."""
