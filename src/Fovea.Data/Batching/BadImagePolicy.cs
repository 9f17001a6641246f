namespace Fovea.Data.Batching;

/// <summary>What happens when an image cannot be read or decoded. It is never passed over silently.</summary>
public enum BadImagePolicy
{
    /// <summary>The batch that it belongs to throws; of several, the first in the epoch's order.</summary>
    Fail,

    /// <summary>It is reported and left out; the last image of the epoch's order takes its place.</summary>
    Skip,

    /// <summary>As <see cref="Skip"/>, and the file is moved to a folder.</summary>
    Quarantine,
}
