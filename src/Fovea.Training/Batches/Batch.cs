namespace Fovea.Training.Batches;

/// <summary>Images and their classes, in memory that is valid until the next batch is asked for.</summary>
/// <param name="Count">The number of images.</param>
/// <param name="Images">[Count, C, H, W], row-major, ready for the model.</param>
/// <param name="Labels">[Count], numbers of classes from 0.</param>
public readonly record struct Batch(int Count, ReadOnlyMemory<float> Images, ReadOnlyMemory<int> Labels);
