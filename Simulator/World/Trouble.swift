/// Something that goes wrong in a world. All of it can be taken out of a script by itself.
public enum Trouble: Hashable, Sendable {
    /// The terminal loses its power at this step of its, counted from 1 over the whole world, for so long.
    case powerCut(step: Int, seconds: Int)
    /// The message of this number, counted from 1 as they leave the terminal, or its reply fares so.
    case message(Int, OnTheWay)
    /// Nobody listens at the acquirer's address from one millisecond to another.
    case outage(from: Int, to: Int)
    /// So many commits fail from the commit of this number on, counted from 1: no room left.
    case journalFull(commit: Int, times: Int)
    /// The terminal is told to stop, and started again so much later.
    case shutdown(at: Int, seconds: Int)
    /// The printer takes nothing from one millisecond to another.
    case printerFails(from: Int, to: Int)
    /// There is no PIN pad from one millisecond to another.
    case padAbsent(from: Int, to: Int)
    /// The acquirer's host is restarted without memory of its working keys.
    case acquirerForgets(at: Int)
    /// The acquirer opens its next batch.
    case acquirerOpensBatch(at: Int)
    /// The acquirer declines the next payment, whatever it is, with this field 39.
    case acquirerDeclines(at: Int, code: String)
    /// The acquirer's books lose the newest sale.
    case acquirerLoses(at: Int)
    /// The acquirer finds differences in the next settlement where there are none.
    case totalsDiffer(at: Int)
    /// The acquirer refuses every reversal from one millisecond to another.
    case reversalsRefused(from: Int, to: Int)

    /// What can happen to a message and its reply on the way.
    public enum OnTheWay: Hashable, Sendable {
        /// The request never arrives.
        case requestLost
        /// It arrives so many milliseconds later, perhaps after the deadline and after what was sent behind it.
        case requestLate(Int)
        /// It arrives a second time.
        case requestTwice(after: Int)
        /// A gateway hears no answer and repeats it so many milliseconds later; only that answer arrives.
        case copyAnswered(after: Int)
        /// One of its bits is turned.
        case requestCorrupt(bit: Int)
        /// The reply never arrives.
        case replyLost
        /// It arrives so many milliseconds later, perhaps in the middle of another exchange.
        case replyLate(Int)
        /// It arrives a second time.
        case replyTwice(after: Int)
        /// One of its bits is turned.
        case replyCorrupt(bit: Int)
        /// The acquirer's MAC is wrong.
        case wrongMAC
        /// The acquirer answers with another STAN.
        case otherSTAN
        /// The acquirer's reply is cut short.
        case malformedReply
        /// The acquirer's host handles it, then restarts: no answer, and no keys.
        case restart
        /// The acquirer's host restarts and has forgotten it.
        case restartForgetful
    }
}
