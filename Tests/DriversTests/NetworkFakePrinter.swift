import Glibc
import HAL
import Synchronization
import Testing

/// A network printer on loopback that keeps what it printed.
final class FakePrinter: Sendable {
    /// How it behaves.
    enum Mood: Sendable {
        /// Answers DLE EOT 1–4 with these bytes; 0 leaves a question unanswered.
        case answering([UInt8])
        /// Takes everything and never says a word.
        case silent
        /// Answers until it gets a job, then hangs.
        case hangingAfterJob
        /// The connection is there, but nothing is ever read.
        case deaf
    }

    static let ready: [UInt8] = [0x12, 0x12, 0x12, 0x12]

    private let loopback: Loopback
    private let mood: Mood
    private let wakeUp: WakeUp
    private let job = Mutex<[UInt8]>([])
    private let ended: WakeUp

    var port: Int { loopback.port }
    /// All bytes but what a driver sends beside the document: DLE EOT, DLE ENQ, DLE DC4 and GS r.
    var printed: [UInt8] {
        job.withLock { job in
            var left = job[...]
            var printed: [UInt8] = []
            while let first = left.first {
                if left.starts(with: [0x10, 0x14]) {
                    left = left.dropFirst(10)
                    continue
                }
                let isBeside = [[0x1D, 0x72, 0x01], [0x10, 0x05, 0x02]].contains { left.starts(with: $0) }
                if !isBeside { printed.append(first) }
                left = left.dropFirst(isBeside ? 3 : 1)
            }
            return printed
        }
    }

    init(_ mood: Mood) throws {
        self.mood = mood
        loopback = try Loopback(receiveBuffer: 4096)
        wakeUp = try WakeUp()
        ended = try WakeUp()
        guard case .deaf = mood else {
            DeviceThread.detach(name: "printer") { [self] in
                serve()
                ended.signal()
            }
            return
        }
        ended.signal()
    }

    /// Ends its thread.
    func stop() {
        wakeUp.signal()
        _ = wait(for: ended.descriptor)
    }

    private func serve() {
        while wait(for: loopback.descriptor, or: wakeUp.descriptor) {
            guard let peer = try? loopback.accept() else { return }
            while wait(for: peer.descriptor, or: wakeUp.descriptor) {
                let bytes = peer.receive()
                if bytes.isEmpty { break }
                take(bytes, peer)
            }
        }
    }

    /// Questions stand between commands, and come whole.
    private func take(_ bytes: [UInt8], _ peer: Loopback.Peer) {
        var rest = bytes[...]
        while let first = rest.first {
            guard rest.starts(with: [0x10, 0x04]), let question = rest.dropFirst(2).first else {
                rest = rest.dropFirst()
                job.withLock { $0.append(first) }
                continue
            }
            rest = rest.dropFirst(3)
            switch mood {
            case .answering(let answers):
                if answers[Int(question) - 1] != 0 { peer.send([answers[Int(question) - 1]]) }
            case .hangingAfterJob: if printed.isEmpty { peer.send([0x12]) }
            case .silent, .deaf: break
            }
        }
    }

    /// True when `descriptor` is ready, false when `other` is.
    private func wait(for descriptor: Int32, or other: Int32 = -1) -> Bool {
        var waits = [
            pollfd(fd: other, events: Int16(POLLIN), revents: 0),
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        ]
        poll(&waits, 2, -1)
        return waits[0].revents == 0
    }
}
