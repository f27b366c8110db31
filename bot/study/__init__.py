"""Floor 2: the use cases, one public coroutine per thing a learner can do, one transaction each."""
