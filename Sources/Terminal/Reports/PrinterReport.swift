import HAL
public import Payments

/// What the receipt printer says about itself, and how it is spoken to.
public struct PrinterReport: Codable, Sendable, Equatable {
    /// What is known of its model.
    public struct Profile: Codable, Sendable, Equatable {
        /// Its name in the library.
        public let name: String
        /// Why this one: configured, detected or assumed; and what is changed in it.
        public let why: String
        /// Columns of font A.
        public let columns: Int
        /// Dots across.
        public let dots: Int
        /// `none`, `gb2312`, `gbk`, `gb18030`.
        public let chinese: String
        /// Whether it is in Chinese mode after power-on.
        public let startsInChinese: Bool
        /// `command` or `picture`.
        public let symbols: String
        /// `none`, `partial` or `full`.
        public let cutter: String
        /// `port`, `realTime` or `automatic`.
        public let status: String
        /// Whether a cash drawer can hang on it.
        public let opensDrawer: Bool

        init(_ profile: PrinterProfile, why: String) {
            name = profile.name
            self.why = why
            columns = profile.columns
            dots = profile.dots
            chinese = profile.chinese.rawValue
            startsInChinese = profile.startsInChinese
            symbols = profile.symbols.rawValue
            cutter = profile.cutter.rawValue
            status = profile.status.rawValue
            opensDrawer = profile.opensDrawer
        }
    }

    /// The printer's own name.
    public let name: String
    /// Whether it can print now.
    public let isReady: Bool
    /// What is wrong or worth knowing, for the technician.
    public let note: String
    /// What a person has to mend or to know; nil for nothing.
    public let text: BilingualText?
    /// The IEEE 1284 device id, if it has one.
    public let deviceID: String?
    /// What is known of its model; nil while it is away and none is configured.
    public let profile: Profile?
}
