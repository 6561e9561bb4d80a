import Engine
import Payments

/// What the shop takes without the acquirer's word, as the section `store` says it.
struct StoreSettings: Decodable {
    let policy: StorePolicy

    private enum CodingKeys: String, CodingKey {
        case offline, deferred, perPayment, perCard, perDay, total, alarmHours
    }

    private struct Limit: Decodable {
        let count: Int
        let amount: Int64

        private enum CodingKeys: String, CodingKey {
            case count, amount
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
            count = try container.number(.count, in: 0...100_000)
            amount = try container.amount(.amount, in: decoder)
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        var policy = StorePolicy()
        policy.takesOffline = try container.value(.offline, or: policy.takesOffline)
        policy.defers = try container.value(.deferred, or: policy.defers)
        policy.perPayment = try container.amount(.perPayment, in: decoder, atLeast: 1, or: policy.perPayment)
        func limit(_ key: CodingKeys, or fallback: Tally) throws -> Tally {
            guard let limit = try container.decodeIfPresent(Limit.self, forKey: key) else { return fallback }
            return Tally(count: limit.count, amount: limit.amount)
        }
        policy.perCard = try limit(.perCard, or: policy.perCard)
        policy.perDay = try limit(.perDay, or: policy.perDay)
        policy.total = try limit(.total, or: policy.total)
        policy.alarmHours = try container.number(.alarmHours, in: 1...720, or: policy.alarmHours)
        self.policy = policy
    }
}
