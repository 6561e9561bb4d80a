/// The kernel that the Entry Point activated (EMV Contactless Book B, 3.4).
enum ActiveKernel: Equatable, Sendable {
    case quick(QuickKernel)
    case c2(C2Kernel)

    /// The kernel of a combination.
    init(_ database: KernelDatabase, _ combination: Combination, torn: [TornTransaction]) {
        self =
            switch combination.kernel {
            case .c2: .c2(C2Kernel(database, combination, torn: torn))
            case .c3, .c7: .quick(QuickKernel(database, combination))
            }
    }

    private var kernel: any ContactlessKernel {
        get {
            switch self {
            case .quick(let kernel): kernel
            case .c2(let kernel): kernel
            }
        }
        set {
            switch newValue {
            case let kernel as QuickKernel: self = .quick(kernel)
            case let kernel as C2Kernel: self = .c2(kernel)
            default: break
            }
        }
    }

    var database: KernelDatabase { kernel.database }

    mutating func begin() throws(KernelFailure) -> ContactlessStep { try kernel.begin() }
    mutating func receive(_ response: Response) throws(KernelFailure) -> ContactlessStep {
        try kernel.receive(response)
    }
    mutating func lose(_ reason: KernelFailure.Reason) -> ContactlessStep { kernel.lose(reason) }
    mutating func complete(_ reply: OnlineReply?) -> ContactlessOutcome { kernel.complete(reply) }
}
