import HAL
import Logging
import Payments

/// What is on the counter, and what comes and goes there.
extension PaymentTerminal {
    /// Follows the changes of every device, and says first what is missing. Nothing waits for it.
    func watchDevices() {
        deviceWatches = devices.all.enumerated().map { place, entry in
            Task {
                let changes = entry.device.changes()
                see(await entry.device.status(), entry.role, at: place)
                for await status in changes { see(status, entry.role, at: place) }
            }
        }
    }

    /// Tells log and screens of a device whose state is another one than before.
    private func see(_ status: HAL.DeviceStatus, _ role: DeviceRole, at place: Int) {
        let former = seenDevices.updateValue(status, forKey: place)
        guard former != status else { return }
        var facts: Logger.Metadata = ["device": "\(status.name)"]
        if !status.note.isEmpty { facts["note"] = "\(status.note)" }
        let words = "\(role.rawValue) is \(status.isReady ? "ready" : "not ready")"
        if status.isReady {
            logger.info("\(words)", metadata: facts)
        } else {
            logger.warning("\(words)", metadata: facts)
        }
        let note = status.note.isEmpty ? "" : " (\(status.note))"
        // What is there from the start is no news.
        if former != nil || !status.isReady { report(.deviceChanged, "\(words): \(status.name)\(note)", of: nil) }
    }

    /// What is there now, how it was found, and what else could be used.
    public func devicesReport() async -> DevicesReport {
        let statuses = await deviceStatuses()
        var items: [DevicesReport.Item] = []
        for role in DeviceRole.allCases {
            let own = statuses.filter { $0.role == role }
            for ((_, status), rule) in zip(own, configuration.rules(role)) {
                items.append(
                    .init(
                        role: role, name: status.name, isReady: status.isReady, note: status.note, rule: rule,
                        profile: role == .printer ? await identifiedPrinter()?.profile.name : nil))
            }
        }
        let names = Set(items.map(\.name))
        return DevicesReport(devices: items, unused: await devices.unused().filter { !names.contains($0.name) })
    }

    /// The status of every device, asked all at once: one that is slow costs its own time only.
    func deviceStatuses() async -> [(role: DeviceRole, status: HAL.DeviceStatus)] {
        let all = devices.all
        return await withTaskGroup(of: (Int, HAL.DeviceStatus).self) { group in
            for (place, entry) in all.enumerated() { group.addTask { (place, await entry.device.status()) } }
            var found: [Int: HAL.DeviceStatus] = [:]
            for await (place, status) in group { found[place] = status }
            return all.indices.compactMap { place in found[place].map { (all[place].role, $0) } }
        }
    }
}
