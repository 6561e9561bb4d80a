extension Script {
    /// The same day with as few troubles as still break a promise under `canary`: each is taken out in turn, until none
    /// can be missed.
    public func shrunk(canary: Canary? = nil) throws -> Script {
        var script = self
        var isSmaller = true
        while isSmaller {
            isSmaller = false
            for trouble in script.troubles {
                var candidate = script
                candidate.troubles.removeAll { $0 == trouble }
                guard try World.run(candidate, canary: canary).violation != nil else { continue }
                script = candidate
                isSmaller = true
            }
        }
        return script
    }
}
