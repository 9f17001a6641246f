using Fovea.Backends.OneDnn.Interop;
using Fovea.Backends.OneDnn.Planning;
using Fovea.Tensors;

namespace Fovea.Backends.OneDnn.Tests.Planning;

public sealed class ArenaPlannerTests
{
    private static readonly DnnlApi s_api = DnnlApi.Load();

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 256)]
    public void Buffers_that_live_together_do_not_overlap(ulong seed, int guard)
    {
        var buffers = Random(seed);
        var size = ArenaPlanner.Place(buffers, share: true, guard);
        foreach (var a in buffers)
        {
            Assert.True(a.Offset % ArenaPlanner.Alignment == 0 && a.Offset >= guard && a.Offset + a.Bytes + guard <= size);
            foreach (var b in buffers.Where(b => b.Id > a.Id && b.First <= a.Last && a.First <= b.Last))
                Assert.True(a.Offset + a.Bytes + guard <= b.Offset || b.Offset + b.Bytes + guard <= a.Offset, $"{a.Id} and {b.Id}");
        }
    }

    [Fact]
    public void Buffers_that_live_one_after_another_take_one_place()
    {
        var buffers = Enumerable.Range(0, 8).Select(i => Living(i, 1000, i, i)).ToList();
        Assert.Equal(4032, ArenaPlanner.Place(buffers));
    }

    [Fact]
    public void The_arena_is_hardly_larger_than_the_most_that_lives_at_once()
    {
        var buffers = Random(4);
        var most = Enumerable.Range(0, 100).Max(step => buffers.Where(b => b.First <= step && step <= b.Last).Sum(b => ArenaPlanner.Aligned(b.Bytes)));
        Assert.InRange(ArenaPlanner.Place(buffers), most, most * 1.25);
    }

    private static List<Buffer> Random(ulong seed)
    {
        var draws = new Philox(seed, 0);
        return [.. Enumerable.Range(0, 120).Select(i =>
        {
            var first = draws.Integer((ulong)(3 * i), 100);
            return Living(i, 1 + draws.Integer((ulong)((3 * i) + 1), 5000), first, Math.Min(99, first + draws.Integer((ulong)((3 * i) + 2), 12)));
        })];
    }

    private static Buffer Living(int id, int elements, int first, int last) =>
        new(id, BufferKind.Arena, s_api.Plain(DType.Float32, new Shape(elements)), isConstant: false) { First = first, Last = last };
}
