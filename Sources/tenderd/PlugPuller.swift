import Glibc
import Terminal

extension TerminalParts {
    /// In simulation only: TENDER_PULL_PLUG_AT names a step at which the process dies as in a power failure, so that
    /// tests can pull the plug exactly there.
    static func plugPuller() -> @Sendable (Step) -> Void {
        guard let name = getenv("TENDER_PULL_PLUG_AT"), let fatal = Step(rawValue: String(cString: name)) else {
            return { _ in }
        }
        return { step in
            if step == fatal { kill(getpid(), SIGKILL) }
        }
    }
}
