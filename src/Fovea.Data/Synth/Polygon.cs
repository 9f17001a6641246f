namespace Fovea.Data.Synth;

/// <summary>A polygon with rounded corners, as the signed distance to its edge: negative inside.</summary>
internal sealed class Polygon
{
    private readonly Edge[] _edges;
    private readonly float _rounding;

    /// <summary>The points are x and y of each corner in turn; the corners get the radius <paramref name="rounding"/>, by which the polygon grows.</summary>
    public Polygon(float rounding, params ReadOnlySpan<float> points)
    {
        _rounding = rounding;
        _edges = new Edge[points.Length / 2];
        for (var i = 0; i < _edges.Length; i++)
        {
            var j = (i + 1) % _edges.Length;
            _edges[i] = new(points[2 * i], points[(2 * i) + 1], points[2 * j], points[(2 * j) + 1]);
        }
    }

    /// <summary>A regular polygon of which a corner points up, or with <paramref name="flat"/> an edge lies on top.</summary>
    public static Polygon Regular(int corners, float radius, float rounding, bool flat = false)
    {
        var points = new float[2 * corners];
        for (var i = 0; i < corners; i++)
        {
            var angle = (i + (flat ? 0.5 : 0)) * (2 * Math.PI / corners);
            points[2 * i] = (float)(radius * ExactMath.Sin(angle));
            points[(2 * i) + 1] = (float)(-radius * ExactMath.Cos(angle));
        }

        return new(rounding, points);
    }

    public float Distance(float x, float y)
    {
        var nearest = float.MaxValue;
        var inside = false;
        foreach (ref readonly var edge in _edges.AsSpan())
        {
            nearest = MathF.Min(nearest, edge.SquaredDistance(x, y));
            inside ^= edge.IsCrossedRightOf(x, y);
        }

        var distance = MathF.Sqrt(nearest);
        return (inside ? -distance : distance) - _rounding;
    }

    private readonly struct Edge(float x0, float y0, float x1, float y1)
    {
        private readonly float _dx = x1 - x0;
        private readonly float _dy = y1 - y0;
        private readonly float _inverse = 1 / (((x1 - x0) * (x1 - x0)) + ((y1 - y0) * (y1 - y0)));
        private readonly float _slope = y1 == y0 ? 0 : (x1 - x0) / (y1 - y0);

        public float SquaredDistance(float x, float y)
        {
            var (px, py) = (x - x0, y - y0);
            var along = Tone.Clamp01(((px * _dx) + (py * _dy)) * _inverse);
            var (ex, ey) = (px - (along * _dx), py - (along * _dy));
            return (ex * ex) + (ey * ey);
        }

        public bool IsCrossedRightOf(float x, float y) => (y0 > y) != (y1 > y) && x < x0 + ((y - y0) * _slope);
    }
}
