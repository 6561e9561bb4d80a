import EMV
import HAL
import Payments

// Waiting for a card: the first to come, in the slot or in the field.
extension CardSession {
    /// Who came.
    enum Arrival: Sendable {
        /// A card, powered.
        case card(Place, answerToReset: [UInt8])
        /// A tap that the Entry Point has to hear of, and that comes to nothing: two cards, or one that cannot be read.
        case unusable(EntryPoint.Event)
        /// Nobody, or nobody that can be served.
        case nobody(Pause)
    }

    /// Waits until a card is in one of these places. The other reader then stops waiting.
    func arrival(at places: [Place]) async -> Arrival {
        let start = devices.clock.uptime
        let deadline = deadline(seconds: waits.cardSeconds)
        let answers = await race(places) { reader throws(DeviceError) in try await reader.awaitCard(deadline: deadline)
        }
        var arrived = answers.compactMap { place, answer in (try? answer.get()).map { (place, $0) } }
        if arrived.count == 1, let other = places.first(where: { $0 != arrived[0].0 }), let reader = reader(at: other) {
            // Both may have been there all along.
            let soon = self.deadline(milliseconds: Self.collisionMilliseconds)
            if let reset = try? await reader.awaitCard(deadline: soon) { arrived.append((other, reset)) }
        }
        waited(since: start)
        if arrived.count > 1 { return .unusable(.collision) }
        if let (place, reset) = arrived.first { return .card(place, answerToReset: reset) }
        return missing(answers)
    }

    /// Waits until one of these places is empty; answers how the session ends where none is in time.
    func awaitRoom(in places: [Place]) async -> Pause? {
        let start = devices.clock.uptime
        let deadline = deadline(seconds: waits.cardSeconds)
        let answers = await race(places) { reader throws(DeviceError) in
            try await reader.awaitRemoval(deadline: deadline)
        }
        waited(since: start)
        var kinds: Set<DeviceError.Kind> = []
        for (_, answer) in answers {
            guard case .failure(let error) = answer else { return nil }
            kinds.insert(error.kind)
        }
        if kinds.contains(.cancelled) { return .cancelled }
        guard kinds.contains(.timeout) else { return nil }
        return .failed(PaymentFailure(.noCard, "the card was not taken away within \(waits.cardSeconds) s"))
    }

    func reader(at place: Place) -> (any CardReader)? { place == .slot ? devices.reader : devices.field }

    /// How long the other reader may take to say that it has a card as well.
    private static let collisionMilliseconds = 10

    /// Asks all readers at once. The first success, or an end that concerns them all, ends the others' waits; a reader that
    /// fails leaves the others waiting.
    private func race<Value: Sendable>(
        _ places: [Place], _ wait: @escaping @Sendable (any CardReader) async throws(DeviceError) -> Value
    ) async -> [(Place, Result<Value, DeviceError>)] {
        await withTaskGroup(of: (Place, Result<Value, DeviceError>).self) { group in
            for place in places {
                guard let reader = reader(at: place) else { continue }
                group.addTask {
                    do throws(DeviceError) {
                        return (place, .success(try await wait(reader)))
                    } catch {
                        return (place, .failure(error))
                    }
                }
            }
            var answers: [(Place, Result<Value, DeviceError>)] = []
            for await answer in group {
                answers.append(answer)
                switch answer.1 {
                case .success: group.cancelAll()
                case .failure(let error) where error.isAboutCard: group.cancelAll()
                case .failure: break
                }
            }
            return answers
        }
    }

    /// Why nobody came.
    private func missing(_ answers: [(Place, Result<[UInt8], DeviceError>)]) -> Arrival {
        func error(_ place: Place) -> DeviceError? {
            guard case .failure(let error) = answers.first(where: { $0.0 == place })?.1 else { return nil }
            return error
        }
        if let slot = error(.slot), slot.isAboutCard {
            return .nobody(
                .failed(PaymentFailure(slot.kind == .cardMute ? .cardUnreadable : .cardRemoved, "\(slot)")))
        }
        if let field = error(.field), field.isAboutCard { return .unusable(.cardMute) }
        let errors = [error(.slot), error(.field)].compactMap(\.self)
        if errors.contains(where: { $0.kind == .cancelled }) { return .nobody(.cancelled) }
        if errors.contains(where: { $0.kind == .timeout }) {
            return .nobody(.failed(PaymentFailure(.noCard, "no card within \(waits.cardSeconds) s")))
        }
        let detail = errors.map(\.description).joined(separator: "; ")
        return .nobody(.failed(PaymentFailure(.readerUnavailable, detail)))
    }
}

extension DeviceError {
    /// Whether a card came that cannot be served.
    fileprivate var isAboutCard: Bool { kind == .cardMute || kind == .cardRemoved }
}
