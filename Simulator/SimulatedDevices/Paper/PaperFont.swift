/// The fonts in the printer.
enum PaperFont: Equatable, Sendable {
    /// 12 × 24 dots.
    case a
    /// 9 × 17 dots.
    case b
    /// 24 × 24 dots.
    case chinese

    var width: Int {
        switch self {
        case .a: 12
        case .b: 9
        case .chinese: 24
        }
    }
    var height: Int { self == .b ? 17 : 24 }
    var columns: Int { self == .chinese ? 2 : 1 }
}
