namespace Fovea.Data.Sources.Shards;

/// <summary>An image in a shard.</summary>
/// <param name="Key">Its path in the shard, with its ending.</param>
/// <param name="Label">Its class: a number or a name.</param>
/// <param name="Offset">Where its bytes begin in the file.</param>
/// <param name="Length">How many they are.</param>
/// <param name="Bytes">The bytes, if they are held in memory.</param>
internal readonly record struct ShardSample(string Key, string Label, long Offset, int Length, byte[]? Bytes);
