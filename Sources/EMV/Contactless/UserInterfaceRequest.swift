/// What the customer is told about a tap (EMV Contactless Book A, 9.4).
public struct UserInterfaceRequest: Equatable, Sendable {
    /// The message.
    public let message: Message
    /// How long the message stands at least before the next card is looked for, milliseconds.
    public let holdMilliseconds: Int

    /// A request of these parts.
    public init(_ message: Message, holdMilliseconds: Int = 0) {
        self.message = message
        self.holdMilliseconds = holdMilliseconds
    }

    /// Standard message identifiers (Book A, Table 9-3).
    public enum Message: UInt8, Sendable {
        /// Approved.
        case approved = 0x03
        /// Not authorised.
        case declined = 0x07
        /// Please enter your PIN.
        case enterPIN = 0x09
        /// Processing error.
        case processingError = 0x0F
        /// Please remove card.
        case removeCard = 0x10
        /// Welcome.
        case welcome = 0x14
        /// Present card.
        case presentCard = 0x15
        /// Processing.
        case processing = 0x16
        /// Card read OK, please remove card.
        case cardReadOK = 0x17
        /// Please insert or swipe card.
        case insertOrSwipe = 0x18
        /// Please present one card only.
        case presentOneCard = 0x19
        /// Approved, please sign.
        case approvedPleaseSign = 0x1A
        /// Authorising, please wait.
        case authorising = 0x1B
        /// Insert, swipe or try another card.
        case tryAnotherCard = 0x1C
        /// Please insert card.
        case insertCard = 0x1D
        /// No message.
        case clearDisplay = 0x1E
        /// See phone for instructions.
        case seePhone = 0x20
        /// Present card again.
        case presentCardAgain = 0x21
    }
}
