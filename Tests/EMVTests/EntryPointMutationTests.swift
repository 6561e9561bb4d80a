import EMV
import Payments
import Testing
import Wire

@Suite struct EntryPointMutationTests {
    @Test(arguments: 0..<4 as Range<UInt64>)
    func `Any answer to any command: the Entry Point ends, and approves nothing by itself`(seed: UInt64) throws {
        var random = Seeded(state: seed)
        let whole = try TapRun.make { run in
            // Two seeds of cards that ask the issuer, two of cards that approve and whose signature cannot hold.
            if seed < 2 {
                run.card.signsRequests = seed == 1
            } else {
                run.approveOffline(seed == 2 ? TapCard.credit : TapCard.visa)
            }
            if seed >= 2 { run.terminal.caKeys = [] }
        }
        for number in 0..<1500 {
            let mutationsSeed = random.next()
            var run = whole
            run.reply =
                number % 5 == 0 ? nil : OnlineReply(approved: number % 2 == 0, code: "00", chipData: [0x71, 0x03])
            run.removesAt = number % 7 == 0 ? number % 9 : nil
            let rate = UInt64(number % 8 + 2)
            run.interferes = { position, answer in
                var own = Seeded(state: mutationsSeed &+ UInt64(position))
                return own.next() % rate == 0 ? MutationTests.mutate(answer, &own) : answer
            }
            run.play()
            let last = try required(run.outcomes.last)
            #expect(last.result != .tryAgain, "seed \(seed), run \(number)")
            #expect(run.transmitted <= EntryPoint.commandLimit * EntryPoint.presentationLimit)
            guard case .completed(let verdict, _) = last.result else { continue }
            #expect(verdict != .approvedOffline, "seed \(seed), run \(number)")
            if verdict == .approvedOnline { #expect(run.request != nil && run.reply?.approved == true) }
        }
    }

    @Test func `Any bit flipped in any answer of an approving card: no approval but over what was signed`() throws {
        var whole = try TapRun.make { $0.approveOffline() }
        let offline = whole.played()
        #expect(offline == QuickKernelC7Tests.offline)
        let amount = whole.card.pdolValues.first.map { Array($0[4..<10]) }
        for command in 3...whole.transmitted {
            for position in 0..<240 {
                var run = try TapRun.make { $0.approveOffline() }
                run.interferes = { number, answer in
                    var changed = answer
                    if number == command, position < answer.count * 2 {
                        changed[position / 2] ^= position % 2 == 0 ? 0x01 : 0x40
                    }
                    return changed
                }
                run.play()
                guard case .completed(.approvedOffline, _) = run.outcomes.last?.result else { continue }
                // What the signature does not cover may change; the account, its expiry and the amount may not.
                #expect(run.entryPoint.card?.pan.digits == TapCard.pan)
                #expect(run.entryPoint.card?.expiry?.description == "3012")
                #expect(run.card.pdolValues.first.map { Array($0[4..<10]) } == amount)
            }
        }
    }
}
