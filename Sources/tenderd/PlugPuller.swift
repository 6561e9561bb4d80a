import Glibc
import Synchronization
import Terminal

/// In simulation only: TENDER_PULL_PLUG_AT names a step, or says the how-many-th step of the process's life, at which the
/// process dies as in a power failure, so that tests can pull the plug exactly there.
final class PlugPuller: Sendable {
    private let fatal: Step?
    private let stepsLeft: Mutex<Int?>

    /// A puller that is armed in simulation alone.
    init(_ mode: Configuration.Mode) {
        let name = mode == .simulation ? getenv("TENDER_PULL_PLUG_AT").map { String(cString: $0) } : nil
        fatal = name.flatMap { Step(rawValue: $0) }
        stepsLeft = Mutex(name.flatMap { Int($0) })
    }

    /// Called at each step before the next thing happens.
    @Sendable func reached(_ step: Step) {
        let isLast = stepsLeft.withLock { left in
            left = left.map { $0 - 1 }
            return left == 0
        }
        if step == fatal || isLast { kill(getpid(), SIGKILL) }
    }
}
