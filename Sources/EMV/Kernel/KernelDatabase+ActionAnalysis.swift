import Payments
import Wire

// Terminal action analysis (EMV 4.4 Book 3, 10.7).
extension KernelDatabase {
    /// What the terminal proposes with the first GENERATE AC.
    var proposedCryptogram: ChipResult.CryptogramType {
        if asks(for: tvr, .iacDenial, absent: [], parameters.tacDenial) { return .aac }
        if terminal.isOfflineOnly { return withoutIssuer }
        if terminal.isOnlineOnly || asks(for: tvr, .iacOnline, absent: .anyResult, parameters.tacOnline) {
            return .arqc
        }
        return .tc
    }

    /// The decision where the issuer cannot be asked. An online-only terminal never approves by itself.
    var withoutIssuer: ChipResult.CryptogramType {
        terminal.isOnlineOnly || asks(for: tvr, .iacDefault, absent: .anyResult, parameters.tacDefault) ? .aac : .tc
    }

    /// Whether the card's or the acquirer's action code names a bit that is set.
    private func asks(for results: TVR, _ tag: TLV.Tag, absent: TVR, _ acquirer: TVR) -> Bool {
        let issuer = card[tag].flatMap { TVR(bytes: $0) } ?? absent
        return !results.isDisjoint(with: issuer.union(acquirer))
    }
}

extension TVR {
    /// An action code that is not there asks for every bit but the two that only report a protocol (Book C-2, 7.8).
    fileprivate static let anyResult = TVR.all.subtracting([.relayResistancePerformed, .relayResistanceNotPerformed])
}
