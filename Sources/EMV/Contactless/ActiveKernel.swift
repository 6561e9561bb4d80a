/// The kernel that the Entry Point activated (EMV Contactless Book B, 3.4).
enum ActiveKernel: ContactlessKernel {
    case quick(QuickKernel)

    var database: KernelDatabase {
        switch self {
        case .quick(let kernel): kernel.database
        }
    }

    var phase: ContactKernel.Phase {
        switch self {
        case .quick(let kernel): kernel.phase
        }
    }

    mutating func begin() throws(KernelFailure) -> ContactlessStep {
        switch self {
        case .quick(var kernel):
            defer { self = .quick(kernel) }
            return try kernel.begin()
        }
    }

    mutating func receive(_ response: Response) throws(KernelFailure) -> ContactlessStep {
        switch self {
        case .quick(var kernel):
            defer { self = .quick(kernel) }
            return try kernel.receive(response)
        }
    }

    mutating func lose(_ reason: KernelFailure.Reason) -> ContactlessStep {
        switch self {
        case .quick(var kernel):
            defer { self = .quick(kernel) }
            return kernel.lose(reason)
        }
    }

    mutating func complete(_ reply: OnlineReply?) -> ContactlessOutcome {
        switch self {
        case .quick(var kernel):
            defer { self = .quick(kernel) }
            return kernel.complete(reply)
        }
    }
}
