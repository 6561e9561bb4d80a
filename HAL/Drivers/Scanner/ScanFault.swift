/// Why something scanned does not count. Says nothing of its content.
public enum ScanFault: String, Error, Equatable, Sendable {
    /// A report that is not as long as the report descriptor says.
    case wrongLength = "a report of wrong length"
    /// A report that claims more data than it has room for.
    case lengthField = "a report whose length field is wrong"
    /// More than a symbol holds; dropped up to its end.
    case tooLong = "a scan that is too long"
    /// Fewer bytes than configured.
    case tooShort = "a scan that is too short"
    /// The rest of it never came.
    case cutOff = "a scan without its end"
    /// An ALT code of the keyboard that stands for no byte.
    case alternateCode = "a key code that is none"
    /// The scan before, once more within the debounce time.
    case repeated = "the same scan again"
}
