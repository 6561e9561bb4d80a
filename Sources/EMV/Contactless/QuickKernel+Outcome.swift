// Outcomes (EMV Contactless Book C-3, 5.8 and 5.9; Book A, 6.2).
extension QuickKernel {
    mutating func outcome(_ disposition: Disposition) throws(KernelFailure) -> ContactlessOutcome {
        switch disposition {
        case .approve: return decide(.approvedOffline, code: "Y1", clause: Self.outcomeClause)
        case .decline: return decide(.declinedOffline, code: "Z1", clause: Self.outcomeClause)
        case .anotherInterface: return .tryAnotherInterface
        case .online: return try askIssuer(clause: Self.outcomeClause)
        }
    }

    mutating func complete(_ reply: OnlineReply?) -> ContactlessOutcome {
        decide(by: reply, clause: Self.outcomeClause)
    }

    private static let outcomeClause = "Book C-3, 5.8"
}
