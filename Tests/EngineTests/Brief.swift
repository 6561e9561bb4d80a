import Payments

/// A value as the golden tables show it: cases by their names, large values by what tells them apart.
func brief(_ value: Any) -> String {
    switch value {
    case let request as PaymentRequest: return "\(request.kind)"
    case let authorization as Authorization: return "authorization \(authorization.attempt)"
    case let reply as Reply: return reply.code
    case let failure as PaymentFailure: return "\(failure.reason)"
    case is ChipResult: return "chip"
    case is Settlement: return "settlement"
    case let found as Settlement.Comparison: return found.agrees ? "agreed" : "differed"
    case let id as RequestID: return "\(id)"
    case let stan as STAN: return "\(stan.value)"
    case let flag as Bool: return "\(flag)"
    case let payments as [PaymentState]: return "\(payments.count) payments"
    default: break
    }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional: return mirror.children.first.map { brief($0.value) } ?? "nil"
    case .collection: return "[" + mirror.children.map { brief($0.value) }.joined(separator: ", ") + "]"
    case .tuple: return mirror.children.map { labelled($0) }.joined(separator: ", ")
    case .enum:
        guard let payload = mirror.children.first, let name = payload.label else { return "\(value)" }
        let isSingle = Mirror(reflecting: payload.value).displayStyle != .tuple
        return "\(name)(\(isSingle ? brief(payload.value) : labelled(("", payload.value))))"
    case .struct: return mirror.children.map { labelled($0) }.joined(separator: ", ")
    default: return "\(value)"
    }
}

private func labelled(_ child: (label: String?, value: Any)) -> String {
    guard let label = child.label, !label.isEmpty, !label.hasPrefix(".") else { return brief(child.value) }
    return "\(label) \(brief(child.value))"
}
