import EMV
import Payments
import Testing
import Wire

@Suite struct MutationTests {
    static func mutate(_ answer: [UInt8], _ random: inout Seeded) -> [UInt8] {
        var bytes = answer
        switch Int.random(in: 0..<7, using: &random) {
        case 0: bytes = (0..<Int.random(in: 0..<300, using: &random)).map { _ in .random(in: 0...255, using: &random) }
        case 1: bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
        case 2: bytes.insert(.random(in: 0...255, using: &random), at: Int.random(in: 0...bytes.count, using: &random))
        case 3: bytes += bytes
        default:
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                guard let index = bytes.indices.randomElement(using: &random) else { break }
                bytes[index] = Bool.random(using: &random) ? .random(in: 0...255, using: &random) : bytes[index] ^ 1
            }
        }
        return bytes
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func `Any answer to any command: the kernel ends, and approves nothing by itself`(seed: UInt64) throws {
        var random = Seeded(state: seed)
        let methods: [AIP] = [.cda, .dda, .sda, []]
        let whole = try Run.make { run in
            run.card.set(.lowerOfflineLimit, [2])
            run.card.set(.upperOfflineLimit, [5])
            let method = methods[Int(seed)]
            run.card.authenticates(by: method)
            try run.card.certify(isStatic: method == .sda)
        }
        let chipData = try Hex.decode("910A01020304050607083030" + "7116" + ScriptTests.first)
        for number in 0..<1000 {
            let mutationsSeed = random.next()
            var run = whole
            run.card.hasDirectory = number % 3 != 0
            let reply = OnlineReply(
                approved: number % 2 == 0, code: "00", chipData: Self.mutate(chipData, &random))
            run.reply = number % 5 == 0 ? nil : reply
            let rate = UInt64(number % 8 + 2)
            run.interferes = { position, answer in
                var own = Seeded(state: mutationsSeed &+ UInt64(position))
                return own.next() % rate == 0 ? Self.mutate(answer, &own) : answer
            }
            let outcome = run.play()
            #expect(outcome != nil, "seed \(seed), run \(number)")
            #expect(run.transmitted <= ContactKernel.commandLimit)
            if outcome?.verdict == .approvedOnline || outcome?.verdict == .declinedByCard {
                #expect(run.requests.count == 1 && run.reply?.approved == true)
            }
            if outcome?.verdict == .approvedOffline { #expect(run.requests.isEmpty || run.reply == nil) }
            // The acquirer's action codes want every such sale online: above the floor limit.
            #expect(outcome?.verdict != .approvedOffline, "seed \(seed), run \(number)")
        }
    }

    @Test func `Random events never trap and stay ended`() throws {
        var random = Seeded(state: 77)
        let run = try Run.make()
        for _ in 0..<2000 {
            var kernel = run.kernel
            var card = run.card
            var action = kernel.handle(.begin)
            var ended = false
            for _ in 0..<60 {
                let event: ContactKernel.Event =
                    switch Int.random(in: 0..<60, using: &random) {
                    case 0: .begin
                    case 1: .applicationChosen(.random(in: -3...3, using: &random))
                    case 2: .pin([.entered, .bypassed, .padFailed].randomElement(using: &random) ?? .entered)
                    case 3: .reply(OnlineReply(approved: true, code: "", chipData: [0x91]))
                    case 4: .unableToGoOnline
                    case 5: .cancelled
                    case 6: .cardRemoved
                    case 7: .cardMute
                    default: Self.natural(action, &card)
                    }
                let next = kernel.handle(event)
                if ended { #expect(next == .ignore) }
                if case .finish = next { ended = true }
                if next != .ignore { action = next }
            }
        }
    }

    static func natural(_ action: ContactKernel.Action, _ card: inout TestCard) -> ContactKernel.Event {
        switch action {
        case .transmit(let command): .response(card.answer(command.bytes))
        case .chooseApplication: .applicationChosen(0)
        case .requestOnlinePIN: .pin(.entered)
        case .requestOfflinePIN: .pin(.padFailed)
        case .goOnline: .reply(OnlineReply(approved: true, code: "00", chipData: []))
        case .finish, .ignore: .begin
        }
    }
}
