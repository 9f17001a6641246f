namespace Fovea.Data.Batching;

/// <summary>What happens when an image cannot be read or decoded. It is never passed over silently.</summary>
public enum BadImagePolicy
{
    /// <summary>The batch that it belongs to throws; of several, the first in the epoch's order.</summary>
    Fail,

    /// <summary>It is reported and left out; the last image of the epoch's order takes its place.</summary>
    Skip,

    /// <summary>It is left out in the same way, and the file is moved into <c>quarantine/</c> of the run's folder.</summary>
    Quarantine,
}
