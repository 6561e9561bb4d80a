import Testing

@testable import EmulatedUSB

/// Which transfer a device serves when, and how each ends.
@Suite struct EmulatedTransferTests {
    /// Takes `room` bytes and echoes each as a transfer of its own.
    private struct Echo: EmulatedDevice {
        var identity = EmulatedPrinter().identity
        var room = 0
        var echoes: [UInt8] = []

        mutating func answer(_ request: ControlRequest) -> Handshake<[UInt8]> {
            request.request == 1 ? .ack([7, 8, 9]) : .stall
        }

        mutating func take(_ bytes: ArraySlice<UInt8>, endpoint: UInt8) -> Handshake<Int> {
            let taken = bytes.prefix(room)
            room -= taken.count
            echoes += taken
            return taken.isEmpty ? .nak : .ack(taken.count)
        }

        mutating func give(endpoint: UInt8, atMost limit: Int) -> Handshake<[UInt8]> {
            echoes.isEmpty ? .nak : .ack([echoes.removeFirst()])
        }
    }

    private func transfer(
        _ id: UInt32, _ endpoint: UInt8, _ data: [UInt8] = [], kind: BusMessage.Submission.Kind = .bulk,
        length: Int = 64
    ) -> BusMessage.Submission {
        BusMessage.Submission(id: id, kind: kind, endpoint: endpoint, length: length, data: data)
    }

    private func end(
        _ id: UInt32, _ count: Int, _ data: [UInt8] = [], status: Int32 = 0
    ) -> TransferQueue.Completion {
        TransferQueue.Completion(id: id, status: status, count: count, data: data)
    }

    @Test func anEndpointServesInOrderAndNoneWaitsForAnother() {
        var (device, queue) = (Echo(), TransferQueue())
        queue.add(transfer(1, 0x81))
        queue.add(transfer(2, 0x81))
        queue.add(transfer(3, 0x01, [10, 20]))
        queue.add(transfer(4, 0x01, [30]))
        #expect(queue.serve(&device) == [])
        queue.add(transfer(5, 0x00, [0xA1, 1, 0, 0, 0, 0, 2, 0], kind: .control))
        #expect(queue.serve(&device) == [end(5, 2, [7, 8])])
        device.room = 1
        #expect(queue.serve(&device) == [end(1, 1, [10])])
        device.room = 2
        #expect(Set(queue.serve(&device).map(\.id)) == [2, 3, 4])
        #expect(device.echoes == [30])
    }

    @Test func whatWasTakenBeforeADiscardIsTold() {
        var (device, queue) = (Echo(), TransferQueue())
        queue.add(transfer(1, 0x01, [1, 2, 3, 4]))
        device.room = 3
        #expect(queue.serve(&device) == [])
        #expect(queue.discard(1) == end(1, 3, status: TransferQueue.unlinked))
        #expect(queue.discard(1) == nil)
        device.room = 9
        #expect(queue.serve(&device) == [])
    }

    @Test(arguments: [[], [0x21], [0x21, 9, 0, 0, 0, 0, 0, 0]]) func whatIsNoRequestStalls(setup: [UInt8]) {
        var (device, queue) = (Echo(), TransferQueue())
        queue.add(transfer(1, 0x00, setup, kind: .control))
        #expect(queue.serve(&device) == [end(1, 0, status: TransferQueue.stalled)])
    }

    /// Every prefix of a message is refused or read, never more than it has.
    @Test func messagesAreReadWithinTheirBounds() {
        let submitted: [UInt8] = [UInt8(ascii: "S"), 2, 1, 0, 0, 0, 3, 0x81, 64, 0, 0, 0]
        #expect(BusMessage(submitted) == .submitted(2, transfer(1, 0x81)))
        for count in 0..<submitted.count { #expect(BusMessage(Array(submitted.prefix(count))) == nil) }
        #expect(BusMessage([UInt8(ascii: "I"), 2, UInt8(ascii: "d"), 1]) == .event(2, .driverDetached(interface: 1)))
        #expect(BusMessage([UInt8(ascii: "I"), 2, UInt8(ascii: "d")]) == nil)
    }

    @Test func aRecordHoldsNoLineOfTheDevicesOwn() {
        var identity = EmulatedPrinter().identity
        identity.product = "a\nE: EVIL=1\\n"
        let lines = identity.record(port: "1-1", number: 7).split(separator: "\n")
        #expect(lines.contains("E: DEVNUM=007") && lines.contains(#"A: product=a\nE: EVIL=1\\n\n"#))
        #expect(!lines.contains { $0.hasPrefix("E: EVIL") })
    }
}
