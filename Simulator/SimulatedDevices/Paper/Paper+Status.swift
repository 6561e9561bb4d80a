import HAL

extension Paper {
    /// Answers `DLE EOT kind`. Bits 1 and 4 are always on.
    mutating func answer(realTime kind: UInt8) {
        guard profile.status != .port, (1...4).contains(kind) else { return }
        let isOffline = condition.trouble != nil
        var status: UInt8 = 0x12
        switch kind {
        case 1: status |= isOffline ? 0x08 : 0
        case 2:
            status |= condition.isCoverOpen ? 0x04 : 0
            status |= condition.isPaperOut ? 0x20 : 0
            status |= condition.isCutterJammed || condition.hasError ? 0x40 : 0
        case 3:
            status |= condition.isCutterJammed ? 0x08 : 0
            status |= condition.hasError ? 0x40 : 0
        default:
            // The sensor of the roll's end sees none either when there is no paper at all.
            status |= condition.isPaperNearEnd || condition.isPaperOut ? 0x0C : 0
            status |= condition.isPaperOut ? 0x60 : 0
        }
        outgoing.append(status)
    }

    /// `GS r`: unlike the above it waits its turn.
    mutating func answer(status kind: UInt8) {
        guard profile.status != .port else { return }
        switch kind {
        case 1, 49: outgoing.append(sensors)
        case 2, 50: outgoing.append(0)
        default: break
        }
    }

    /// `GS a`: from now on each change is told, and the state now. It goes for all kinds of change or for none.
    mutating func report(changes kinds: UInt8) {
        guard profile.status == .automatic else { return }
        reportsChanges = kinds != 0
        reportChange()
    }

    /// Four bytes that look like no answer to `DLE EOT`: bits 0, 1 and 7 of the first are off.
    mutating func reportChange() {
        guard reportsChanges else { return }
        var first: UInt8 = 0x10
        first |= condition.trouble != nil ? 0x08 : 0
        first |= condition.isCoverOpen ? 0x20 : 0
        var second: UInt8 = 0
        second |= condition.isCutterJammed ? 0x08 : 0
        second |= condition.hasError ? 0x40 : 0
        outgoing += [first, second, sensors, 0]
    }

    /// `GS I`: a byte each for model, kind and version; from 65 on texts, of which it has maker and model.
    mutating func identify(_ kind: UInt8) {
        guard profile.status != .port else { return }
        switch kind {
        case 1, 49: outgoing.append(0x20)
        case 2, 50:
            let cutter: UInt8 = profile.cutter == .none ? 0 : 0x02
            outgoing.append((profile.chinese == .none ? 0 : 0x01) | cutter)
        case 66: outgoing += [0x5F] + Array("SIMULATED".utf8) + [0]
        case 67: outgoing += [0x5F] + Array(profile.name.utf8) + [0]
        default: break
        }
    }

    private var sensors: UInt8 {
        (condition.isPaperNearEnd || condition.isPaperOut ? 0x03 : 0) | (condition.isPaperOut ? 0x0C : 0)
    }
}
