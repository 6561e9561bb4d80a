public import Payments

extension Receipt {
    /// Some of the terminal's data: an application, a key, limits.
    public struct Section: Equatable, Sendable {
        /// An item of it.
        public struct Item: Equatable, Sendable {
            let name: BilingualText
            let value: String

            /// An item as the paper has it.
            public init(_ name: BilingualText, _ value: String) {
                self.name = name
                self.value = value
            }
        }

        let title: BilingualText
        let items: [Item]

        /// Items under a title.
        public init(_ title: BilingualText, _ items: [Item]) {
            self.title = title
            self.items = items
        }
    }

    /// The terminal's data in force at `time`, section by section, for the technician and the acquirer's files.
    public init(parameters sections: [Section], merchant: ReceiptData.Merchant, time: LocalDateTime) {
        let lines: [Line] =
            [.heading(BilingualText("终端参数单", "PARAMETER REPORT")), .rule] + Receipt.parties(merchant)
            + [.item(BilingualText("日期时间", "DATE/TIME"), time.receiptText), .rule]
        self.init(
            lines: lines
                + sections.flatMap { section in
                    [.note(section.title)] + section.items.map { .item($0.name, $0.value) } + [.rule]
                })
    }
}
