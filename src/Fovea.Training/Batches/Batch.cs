namespace Fovea.Training.Batches;

/// <summary>Images and their classes, in memory that is valid until the next batch is asked for.</summary>
/// <param name="Count">The number of images.</param>
/// <param name="Images">[Count, C, H, W], row-major, ready for the model.</param>
/// <param name="Labels">[Count], numbers of classes from 0.</param>
/// <param name="Targets">[Count, classes], the share of each class; empty where each image is of one class alone.</param>
/// <param name="Views">How many images, one after the other, show the same; what the model says of them is averaged in evaluation. Default 1.</param>
/// <param name="Samples">[Count], the numbers of the images in their source; empty where they are not known.</param>
public readonly record struct Batch(
    int Count, ReadOnlyMemory<float> Images, ReadOnlyMemory<int> Labels, ReadOnlyMemory<float> Targets = default, int Views = 1,
    ReadOnlyMemory<int> Samples = default);
