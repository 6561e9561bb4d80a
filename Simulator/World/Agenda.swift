import Payments

/// What is still to happen, in the order of its time; at the same time, in the order it was entered.
struct Agenda {
    /// Something that happens to the world.
    enum Happening {
        /// A register asks for its payment, for the first time or again.
        case registerAsks(Int)
        /// A register asks with the id of its payment for another amount.
        case registerAsksAnother(Int)
        /// The cashier wants the payment of this register stopped.
        case cashierCancels(Int)
        /// The shop wants something else.
        indirect case errand(Script.Errand)
        /// The card has said what it says before the acquirer is asked.
        indirect case cardEnds(RequestID)
        /// The card has heard the acquirer's reply.
        indirect case cardCompletes(RequestID, Reply)
        /// The card has heard that its issuer cannot be asked.
        indirect case cardCompletesOffline(Authorization)
        /// A frame reaches the acquirer.
        indirect case requestArrives(Parcel)
        /// A frame reaches the terminal.
        case replyArrives([UInt8])
        /// So long the terminal waits for the reply to its exchange of this number.
        case replyOverdue(Int)
        /// The terminal tries in the background what is left to do.
        case retryDue(Int)
        /// The terminal has power again.
        case powerReturns
        /// Something goes wrong by itself.
        indirect case trouble(Trouble)
    }

    /// A request on its way, and what is to become of the answer.
    struct Parcel {
        let frame: [UInt8]
        /// What it is about, for the books.
        let sent: Books.Sent?
        let bringsScript: Bool
        let trouble: Trouble.OnTheWay?
    }

    private struct Entry {
        let time: Int
        let order: Int
        /// Which life of the terminal it belongs to; nil for what happens with or without it.
        let life: Int?
        let happening: Happening
    }

    /// Latest first.
    private var entries: [Entry] = []
    private var count = 0

    /// Enters something for the millisecond `time`; it does not happen when the terminal's `life` has ended before.
    mutating func enter(_ happening: Happening, at time: Int, life: Int? = nil) {
        count += 1
        let index = entries.partitioningIndex { $0.time <= time }
        entries.insert(Entry(time: time, order: count, life: life, happening: happening), at: index)
    }

    /// Takes what happens next.
    mutating func next(life: Int) -> (time: Int, happening: Happening)? {
        while let entry = entries.popLast() {
            if entry.life == nil || entry.life == life { return (entry.time, entry.happening) }
        }
        return nil
    }
}

extension Array {
    /// The first index whose element satisfies `predicate`, which holds for all elements after it.
    fileprivate func partitioningIndex(where predicate: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
