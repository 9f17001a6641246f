using Fovea.Ops;
using Fovea.Tensors;

namespace Fovea.Core.Tests.Ops;

public class StridedTests
{
    public static TheoryData<int[], long[], long> Walks() => new()
    {
        { [], [], 7 },
        { [5], [3], 0 },
        { [2, 3, 4], [12, 4, 1], 0 },        // row-major: one run
        { [2, 3, 4], [1, 2, 6], 5 },         // transposed
        { [4, 3, 2, 2], [1, 0, 0, 0], 0 },   // a number for each of the first axis
        { [4, 3, 2, 2], [0, 1, 0, 0], 2 },
        { [2, 1, 3, 1], [30, 99, 7, 99], 1 },
        { [3, 2, 5], [-10, 5, -1], 40 },
        { [2, 2, 2, 2, 2, 2], [1, 40, 2, 4, 8, 16], 3 },
        { [2, 3, 3], [9, 3, 1], 0 },
        { [2, 3, 3], [10, 3, 1], 0 },        // rows that are joined within planes, but not across them
        { [3, 0, 2], [2, 2, 1], 0 },
    };

    /// <summary>The offsets are the sums that they are defined by.</summary>
    [Theory]
    [MemberData(nameof(Walks))]
    public void Offsets_are_the_start_and_each_index_times_its_stride(int[] extents, long[] strides, long start)
    {
        var shape = new Shape(extents);
        var expected = Enumerable.Range(0, (int)shape.Elements).Select(i =>
        {
            var sum = start;
            for (var axis = extents.Length - 1; axis >= 0; i /= extents[axis], axis--) sum += i % extents[axis] * strides[axis];
            return sum;
        });
        Assert.Equal(expected, Strided.Offsets(shape, strides, start));
    }
}
