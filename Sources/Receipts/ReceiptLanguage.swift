import Payments

/// The language of a paper.
public enum ReceiptLanguage: String, CaseIterable, Codable, Sendable {
    /// Chinese and English side by side.
    case both
    case chinese, english
}

extension BilingualText {
    /// A name or a number: the same in every language.
    init(plain text: String) { self.init(text, text) }

    /// The same in every language.
    var isPlain: Bool { chinese == english }

    /// What a line of a paper in `language` says.
    func text(_ language: ReceiptLanguage) -> String {
        switch language {
        case .both: isPlain ? chinese : "\(chinese) \(english)"
        case .chinese: chinese
        case .english: english
        }
    }

    /// The same, each language for itself.
    func texts(_ language: ReceiptLanguage) -> [String] {
        language == .both && !isPlain ? [chinese, english] : [text(language)]
    }
}
