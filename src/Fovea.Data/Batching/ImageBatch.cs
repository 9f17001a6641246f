using System.Diagnostics.CodeAnalysis;
using Fovea.Data.Decoding;

namespace Fovea.Data.Batching;

/// <summary>Images ready for the model, with their labels; valid until the next batch is asked for.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The loader owns the batches of its ring, and frees them.")]
public sealed class ImageBatch
{
    private readonly NativeBuffer<float> _images;
    private readonly int[] _labels;
    private readonly int[] _samples;
    private readonly int _imageLength;
    private NativeBuffer<float>? _mixed;
    private ReadOnlyMemory<float> _targets;

    internal ImageBatch(int size, int imageLength)
    {
        (_imageLength, _labels, _samples) = (imageLength, new int[size], new int[size]);
        (Failures, Warnings) = (new ImageException?[size], new string?[size]);
        _images = new(checked(size * imageLength));
    }

    /// <summary>The batch's number within its epoch, from 0.</summary>
    public int Number { get; internal set; }

    /// <summary>The number of images.</summary>
    public int Count { get; internal set; }

    /// <summary>[Count, C, H, W], row-major, normalised.</summary>
    public ReadOnlyMemory<float> Images => (_mixed ?? _images).Memory[..(Count * _imageLength)];

    /// <summary>Where <see cref="Images"/> begins: memory that does not move, aligned to 64 bytes.</summary>
    public nint Address => (_mixed ?? _images).Address;

    /// <summary>[Count], classes as places in the source's list; of a mixed row, that with the largest share.</summary>
    public ReadOnlyMemory<int> Labels => _labels.AsMemory(0, Count);

    /// <summary>[Count, classes], the share of each class in each row; empty where the loader mixes nothing.</summary>
    public ReadOnlyMemory<float> Targets => _targets;

    /// <summary>[Count], the numbers of the images in the source.</summary>
    public ReadOnlyMemory<int> Samples => _samples.AsMemory(0, Count);

    /// <summary>How long the consumer waited for this batch.</summary>
    public TimeSpan Waited { get; internal set; }

    internal ImageException?[] Failures { get; }

    // What codecs complained of in images that they could decode.
    internal string?[] Warnings { get; }

    // Rows that no worker has finished.
    internal int Pending { get; set; }

    /// <summary>Shows mixed rows, or the rows as they were made, until they are made anew.</summary>
    internal void Show(NativeBuffer<float>? mixed, ReadOnlyMemory<float> targets) => (_mixed, _targets) = (mixed, targets);

    internal Span<int> LabelsToChange => _labels.AsSpan(0, Count);

    internal ReadOnlySpan<float> Rows => _images.GetSpan()[..(Count * _imageLength)];

    internal Span<float> Row(int row) => _images.GetSpan().Slice(row * _imageLength, _imageLength);

    internal void Set(int row, int sample, int label, ImageException? failure, string? warning) =>
        (_samples[row], _labels[row], Failures[row], Warnings[row]) = (sample, label, failure, warning);

    internal void Free() => ((IDisposable)_images).Dispose();
}
